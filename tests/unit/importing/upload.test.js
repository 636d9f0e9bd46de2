import assert from "node:assert/strict";
import { test } from "node:test";

import { sizeText } from "../../../pages/ui/importing/upload.js";

test("a file's size in the unit people use", () => {
  assert.equal(sizeText(0), "1 kB");
  assert.equal(sizeText(1499), "1 kB");
  assert.equal(sizeText(999_499), "999 kB");
  assert.equal(sizeText(1_000_000), "1.0 MB");
  assert.equal(sizeText(200_000_000), "200.0 MB");
});
