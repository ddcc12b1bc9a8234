CREATE TABLE exports (
    reference text PRIMARY KEY,
    status text NOT NULL
);
CREATE TABLE files (
    export text PRIMARY KEY REFERENCES exports,
    content text NOT NULL
);
