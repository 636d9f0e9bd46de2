// A second click would send the form again and show the answer to that, not to the first.

const WHILE = 5000; // ms: then the first is taken to have been stopped
let sent = -WHILE;

addEventListener("submit", (event) => {
  if (event.timeStamp - sent < WHILE) event.preventDefault();
  else sent = event.timeStamp;
});
addEventListener("pageshow", () => {
  sent = -WHILE;
});

export {};
