import assert from "node:assert/strict";
import { test } from "node:test";

import { idAfter } from "../../../pages/ui/cases/case_list/list.js";

test("arrows go to the next case and stop at the ends", () => {
  assert.equal(idAfter([7, 8, 9], 7, 1), 8);
  assert.equal(idAfter([7, 8, 9], 9, 1), 9);
  assert.equal(idAfter([7, 8, 9], 7, -1), 7);
});

test("without a selection both ways lead to the first case", () => {
  assert.equal(idAfter([7, 8, 9], null, 1), 7);
  assert.equal(idAfter([7, 8, 9], null, -1), 7);
  assert.equal(idAfter([], null, 1), undefined);
});
