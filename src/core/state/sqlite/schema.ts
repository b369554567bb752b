/**
 * What brought the file from each layout to the next; `user_version` counts them. One that was ever published stays as
 * it is.
 */
export const migrations: readonly string[] = [
	`
	CREATE TABLE meta (name TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;
	INSERT INTO meta VALUES ('clock', 0), ('values', 0);
	CREATE TABLE notice (id TEXT PRIMARY KEY, at INTEGER NOT NULL, en TEXT NOT NULL, zh TEXT NOT NULL);

	CREATE TABLE value (
		n INTEGER PRIMARY KEY AUTOINCREMENT,
		key TEXT NOT NULL UNIQUE,
		value TEXT NOT NULL,
		version TEXT,
		expires INTEGER
	);
	CREATE INDEX value_expires ON value (expires) WHERE expires IS NOT NULL;
	CREATE TRIGGER value_more AFTER INSERT ON value BEGIN
		UPDATE meta SET number = number + 1 WHERE name = 'values';
	END;
	CREATE TRIGGER value_less AFTER DELETE ON value BEGIN
		UPDATE meta SET number = number - 1 WHERE name = 'values';
	END;

	-- Counters are kept by triggers: counting 100,000 rows takes longer than a step may.
	CREATE TABLE scope (
		id INTEGER PRIMARY KEY AUTOINCREMENT,
		name TEXT NOT NULL UNIQUE,
		settings TEXT,
		seen_at INTEGER NOT NULL,
		beaten_at INTEGER,
		keys INTEGER NOT NULL DEFAULT 0,
		dropped INTEGER NOT NULL DEFAULT 0,
		open INTEGER NOT NULL DEFAULT 0,
		bytes INTEGER NOT NULL DEFAULT 0,
		seq INTEGER NOT NULL DEFAULT 0
	);
	CREATE INDEX scope_seen ON scope (seen_at);

	CREATE TABLE cell (
		id INTEGER PRIMARY KEY AUTOINCREMENT,
		scope INTEGER NOT NULL REFERENCES scope ON DELETE CASCADE,
		key TEXT NOT NULL,
		state TEXT,
		version TEXT NOT NULL,
		items INTEGER NOT NULL,
		bytes INTEGER NOT NULL,
		counted INTEGER NOT NULL,
		wake_at INTEGER,
		-- In minutes, so that most steps leave its index alone.
		touched INTEGER NOT NULL,
		UNIQUE (scope, key)
	);
	CREATE INDEX cell_wake ON cell (scope, wake_at) WHERE wake_at IS NOT NULL;
	CREATE INDEX cell_age ON cell (scope, (items > 0 OR wake_at IS NOT NULL), touched);
	CREATE TRIGGER cell_more AFTER INSERT ON cell BEGIN
		UPDATE scope SET keys = keys + 1 WHERE id = new.scope;
	END;
	CREATE TRIGGER cell_less AFTER DELETE ON cell BEGIN
		UPDATE scope SET keys = keys - 1 WHERE id = old.scope;
	END;

	CREATE TABLE seen (
		scope INTEGER NOT NULL REFERENCES scope ON DELETE CASCADE,
		id TEXT NOT NULL,
		output TEXT NOT NULL,
		until INTEGER NOT NULL,
		PRIMARY KEY (scope, id)
	) WITHOUT ROWID;
	CREATE INDEX seen_until ON seen (until);

	-- state: 0 behind others of its lane, 1 waits, 2 offered, 3 held, 4 done, 6 given up; half of it is what lists ask for.
	-- ready_at: when it may be taken: due, or its lease is over.
	CREATE TABLE batch (
		n INTEGER PRIMARY KEY AUTOINCREMENT,
		id TEXT NOT NULL UNIQUE,
		scope INTEGER NOT NULL REFERENCES scope ON DELETE CASCADE,
		seq INTEGER NOT NULL,
		lane TEXT,
		state INTEGER NOT NULL,
		due_at INTEGER NOT NULL,
		ready_at INTEGER,
		holder TEXT,
		attempt INTEGER NOT NULL DEFAULT 0,
		lapsed INTEGER NOT NULL DEFAULT 0,
		counted INTEGER NOT NULL,
		body TEXT NOT NULL,
		error TEXT,
		result TEXT,
		made_at INTEGER NOT NULL,
		ended_at INTEGER
	);
	CREATE INDEX batch_ready ON batch (scope, ready_at, seq) WHERE ready_at IS NOT NULL;
	CREATE INDEX batch_lane ON batch (scope, lane, seq) WHERE lane IS NOT NULL AND state < 4;
	CREATE INDEX batch_holder ON batch (scope, holder) WHERE holder IS NOT NULL;
	CREATE INDEX batch_listed ON batch (scope, (state / 2), seq);
	CREATE INDEX batch_ended ON batch (state, ended_at) WHERE ended_at IS NOT NULL;
	CREATE TRIGGER batch_more AFTER INSERT ON batch BEGIN
		UPDATE scope SET open = open + 1 WHERE id = new.scope;
	END;
	CREATE TRIGGER batch_less AFTER DELETE ON batch WHEN old.state < 4 BEGIN
		UPDATE scope SET open = open - 1 WHERE id = old.scope;
	END;
	CREATE TRIGGER batch_changed AFTER UPDATE OF state ON batch WHEN (old.state < 4) <> (new.state < 4) BEGIN
		UPDATE scope SET open = open + (new.state < 4) - (old.state < 4) WHERE id = new.scope;
	END;

	CREATE TABLE item (
		id INTEGER PRIMARY KEY AUTOINCREMENT,
		cell INTEGER REFERENCES cell ON DELETE CASCADE,
		batch INTEGER REFERENCES batch ON DELETE CASCADE,
		body TEXT NOT NULL
	);
	CREATE INDEX item_cell ON item (cell, id) WHERE cell IS NOT NULL;
	CREATE INDEX item_batch ON item (batch, id) WHERE batch IS NOT NULL;

	CREATE TABLE progress (
		batch INTEGER NOT NULL REFERENCES batch ON DELETE CASCADE,
		node TEXT NOT NULL,
		value TEXT NOT NULL,
		version TEXT NOT NULL,
		PRIMARY KEY (batch, node)
	) WITHOUT ROWID;

	CREATE TABLE blob (
		id INTEGER PRIMARY KEY,
		scope INTEGER NOT NULL,
		item INTEGER REFERENCES item ON DELETE CASCADE,
		batch INTEGER REFERENCES batch ON DELETE CASCADE,
		name TEXT NOT NULL,
		size INTEGER NOT NULL,
		bytes BLOB NOT NULL
	);
	CREATE INDEX blob_item ON blob (item) WHERE item IS NOT NULL;
	CREATE INDEX blob_batch ON blob (batch) WHERE batch IS NOT NULL;
	CREATE TRIGGER blob_more AFTER INSERT ON blob BEGIN
		UPDATE scope SET bytes = bytes + new.size WHERE id = new.scope;
	END;
	CREATE TRIGGER blob_less AFTER DELETE ON blob BEGIN
		UPDATE scope SET bytes = bytes - old.size WHERE id = old.scope;
	END;
	`,
];

/** [table, column] of all instants; `cell.touched`, in minutes, is apart. */
export const instants: readonly (readonly [string, string])[] = [
	['value', 'expires'],
	['scope', 'seen_at'],
	['scope', 'beaten_at'],
	['cell', 'wake_at'],
	['seen', 'until'],
	['batch', 'due_at'],
	['batch', 'ready_at'],
	['batch', 'made_at'],
	['batch', 'ended_at'],
	['notice', 'at'],
];
