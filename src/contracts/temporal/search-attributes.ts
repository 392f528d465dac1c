/**
 * Search attributes, for finding runs: `temporal workflow list --query "WikigaugeHour='2026-11-20T10'"`. The worker
 * creates them at start, because a workflow that sets one that does not exist hangs.
 */
import { defineSearchAttributeKey } from '@temporalio/common';

/** What a run is doing: streaming, paused, applying, … */
export const STAGE = defineSearchAttributeKey('WikigaugeStage', 'KEYWORD');
/** Hour partition of the run. */
export const HOUR = defineSearchAttributeKey('WikigaugeHour', 'KEYWORD');
/** Edits counted so far. */
export const EDITS = defineSearchAttributeKey('WikigaugeEdits', 'INT');

export const searchAttributes = [STAGE, HOUR, EDITS];
