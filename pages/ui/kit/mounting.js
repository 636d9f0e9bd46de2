// Where our scripts meet the page: one view for each place of a component, one copy of a page's own
// script.

/** @import { Component, View } from "./types.js" */

/**
 * What a component's module exports: a function that makes one view for each place in the page,
 * updates it with every run of the page's script, and ends it with its place.
 *
 * Streamlit may call again while an earlier call still waits for its module, and then ends the
 * earlier one alone: the view stays as long as the latest call does.
 *
 * @template Data
 * @param {new (root: ShadowRoot, component: Component<Data>) => View<Data>} Made
 */
export function mounting(Made) {
  /** @type {WeakMap<ShadowRoot, { view: View<Data>, latest: Component<Data> }>} */
  const places = new WeakMap();
  return (/** @type {Component<Data>} */ component) => {
    const root = component.parentElement;
    const place = places.get(root) ?? { view: new Made(root, component), latest: component };
    places.set(root, place);
    place.latest = component;
    place.view.update(component);
    return () => {
      if (place.latest !== component) return;
      place.view.destroy();
      places.delete(root);
    };
  };
}

/**
 * A page that stays open while the portal is replaced loads a newer copy of a script; the signal
 * ends the older one.
 *
 * @param {string} script
 */
export function untilReplaced(script) {
  const name = `qi:${script}`;
  const ending = new AbortController();
  document.dispatchEvent(new Event(name));
  document.addEventListener(name, () => ending.abort(), { once: true });
  return ending.signal;
}
