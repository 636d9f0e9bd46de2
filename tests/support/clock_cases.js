// The shared cases of clocks and of times read off a wall clock.

import { readFileSync } from "node:fs";

/**
 * @typedef {object} ClockCase
 * @property {string} name
 * @property {string} start
 * @property {string} stop
 * @property {number} paused in seconds
 * @property {number | null} limit in minutes
 * @property {"met" | "late" | null} verdict
 */

const FILE = new URL("../data/clock_cases.json", import.meta.url);

/** @type {{ clocks: ClockCase[], wall_times: { shown: string, zone: string, moment: string }[] }} */
export const CLOCK_CASES = JSON.parse(readFileSync(FILE, "utf-8"));
