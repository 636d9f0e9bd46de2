// One view for each place in the page, whatever order Streamlit's calls end in.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { mounting } from "../../../pages/ui/kit/mounting.js";

/** @import { Component } from "../../../pages/ui/kit/types.js" */

/** @type {string[]} */
let said = [];

class View {
  /**
   * @param {object} _root
   * @param {Component<string>} component
   */
  constructor(_root, component) {
    said.push(`made ${component.data}`);
  }

  /** @param {Component<string>} component */
  update(component) {
    said.push(component.data);
  }

  destroy() {
    said.push("gone");
  }
}

/**
 * @param {object} place
 * @param {string} data
 */
function run(place, data) {
  const parentElement = /** @type {ShadowRoot} */ (place);
  return { data, parentElement, setStateValue: () => {}, setTriggerValue: () => {} };
}

beforeEach(() => {
  said = [];
});

test("a place keeps its view, another place gets its own", () => {
  const mount = mounting(View);
  const [here, there] = [{}, {}];
  mount(run(here, "1"));
  mount(run(here, "2"));
  mount(run(there, "3"));
  assert.deepEqual(said, ["made 1", "1", "2", "made 3", "3"]);
});

test("the view ends with its latest call, not with an earlier one", () => {
  const mount = mounting(View);
  const here = {};
  const endFirst = mount(run(here, "1"));
  const endSecond = mount(run(here, "2"));
  endFirst();
  assert.ok(!said.includes("gone"));
  endSecond();
  assert.equal(said.at(-1), "gone");
});

test("after its end a place begins anew", () => {
  const mount = mounting(View);
  const here = {};
  mount(run(here, "1"))();
  mount(run(here, "2"));
  assert.deepEqual(said.slice(-2), ["made 2", "2"]);
});
