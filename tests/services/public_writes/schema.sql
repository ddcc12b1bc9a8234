PRAGMA journal_mode = WAL;
CREATE TABLE subscribers (
    email TEXT NOT NULL PRIMARY KEY,
    since TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE TABLE comments (
    id INTEGER NOT NULL PRIMARY KEY,
    ticket TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    body TEXT NOT NULL
);
INSERT INTO comments (ticket, name, body) VALUES ('first', 'Dan', 'Well said.');
