/**
 * Search attributes, which make runs findable: `temporal workflow list --query "WikigaugeHour='2026-11-20T10'"`.
 * The worker creates them when it starts, because a workflow that sets an unknown one hangs.
 */
import { defineSearchAttributeKey } from '@temporalio/common';

/** What a run is doing: `streaming`, `paused`, `applying`, … */
export const STAGE = defineSearchAttributeKey('WikigaugeStage', 'KEYWORD');
/** The hour that a run works on, such as `2026-11-20T10`. */
export const HOUR = defineSearchAttributeKey('WikigaugeHour', 'KEYWORD');
/** Edits counted so far. */
export const EDITS = defineSearchAttributeKey('WikigaugeEdits', 'INT');

export const searchAttributes = [STAGE, HOUR, EDITS];
