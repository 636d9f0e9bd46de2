// The end of a session: what this tab kept of typed words goes, and the page with it.

for (const key of Object.keys(sessionStorage))
  if (key.startsWith("qi-typed:")) sessionStorage.removeItem(key);
location.assign("/login");
