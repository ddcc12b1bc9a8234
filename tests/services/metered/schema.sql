PRAGMA journal_mode = WAL;
CREATE TABLE customers (
    name TEXT NOT NULL PRIMARY KEY,
    password TEXT NOT NULL,
    failed INTEGER NOT NULL DEFAULT 0
);
INSERT INTO customers (name, password) VALUES ('ann', 'correct horse');
CREATE TABLE usage (customer TEXT NOT NULL PRIMARY KEY REFERENCES customers, requests INTEGER NOT NULL);
INSERT INTO usage VALUES ('ann', 0);
CREATE TABLE journal (id INTEGER PRIMARY KEY, method TEXT NOT NULL, path TEXT NOT NULL);
CREATE TABLE bookings (id INTEGER PRIMARY KEY, seat TEXT NOT NULL, note TEXT);
