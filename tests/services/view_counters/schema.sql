PRAGMA journal_mode = WAL;
CREATE TABLE writers (
    name TEXT NOT NULL PRIMARY KEY,
    key TEXT NOT NULL UNIQUE
);
INSERT INTO writers VALUES ('ann', 'key-of-ann-0f6be2c781'), ('bob', 'key-of-bob-93d17aa5e4');
CREATE TABLE stories (
    slug TEXT NOT NULL PRIMARY KEY,
    writer TEXT NOT NULL REFERENCES writers,
    text TEXT NOT NULL,
    views INTEGER NOT NULL DEFAULT 0,
    last_viewed TEXT
);
