/**
 * Search attributes, so that runs can be found: `temporal workflow list --query "WikigaugeHour='2026-11-20T10'"`.
 * The worker makes them at start; a workflow that sets one that is not there would hang.
 */
import { defineSearchAttributeKey } from '@temporalio/common';

/** What a run is doing: streaming, paused, applying, … */
export const STAGE = defineSearchAttributeKey('WikigaugeStage', 'KEYWORD');
/** Hour partition that a run works on. */
export const HOUR = defineSearchAttributeKey('WikigaugeHour', 'KEYWORD');
/** Edits counted so far. */
export const EDITS = defineSearchAttributeKey('WikigaugeEdits', 'INT');

export const searchAttributes = [STAGE, HOUR, EDITS];
