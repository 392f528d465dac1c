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

/** The wikis that a backfill fetches: `WikigaugeWiki = 'dewiki'` finds it among them; `all` stands for all. */
export const WIKI = defineSearchAttributeKey('WikigaugeWiki', 'KEYWORD_LIST');
/** The source that was asked for: `auto`, `stream`, `api` or `dump`. */
export const SOURCE = defineSearchAttributeKey('WikigaugeSource', 'KEYWORD');
/** Where the range of a backfill begins. */
export const FROM = defineSearchAttributeKey('WikigaugeFrom', 'DATETIME');

/** Those of backfills. They came later: a namespace in which they cannot be created does without them. */
export const backfillAttributeKeys = [WIKI, SOURCE, FROM];
