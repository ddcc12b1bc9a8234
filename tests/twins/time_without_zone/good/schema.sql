CREATE TABLE calibrations (
    id TEXT PRIMARY KEY,
    x REAL NOT NULL,
    y REAL NOT NULL,
    modified TEXT NOT NULL
);
