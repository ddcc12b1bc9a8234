CREATE TABLE talks (
    id INTEGER PRIMARY KEY,
    title TEXT NOT NULL
);
CREATE TABLE comments (
    id INTEGER PRIMARY KEY,
    talk INTEGER NOT NULL REFERENCES talks,
    text TEXT NOT NULL,
    stars INTEGER NOT NULL
);
INSERT INTO talks (title) VALUES ('Old news'), ('Older news');
