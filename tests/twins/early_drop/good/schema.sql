CREATE TABLE accounts (
    id INTEGER PRIMARY KEY,
    credits INTEGER NOT NULL
);
CREATE TABLE drops (
    id INTEGER PRIMARY KEY,
    title TEXT NOT NULL,
    copies INTEGER NOT NULL
);
INSERT INTO accounts (id, credits) VALUES (1, 1000);
