PRAGMA journal_mode = WAL;
CREATE TABLE posts (
    id INTEGER NOT NULL,
    author TEXT NOT NULL,
    request TEXT NOT NULL,
    title TEXT NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (author, request)
);
CREATE TABLE mails (
    id INTEGER NOT NULL,
    post_id INTEGER NOT NULL UNIQUE,
    told TEXT NOT NULL,
    PRIMARY KEY (id)
);
INSERT INTO posts VALUES (1, 'root', 'first', 'Welcome');
INSERT INTO mails VALUES (1, 1, 'root');
