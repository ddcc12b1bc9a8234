CREATE TABLE sheets (
    id bigserial PRIMARY KEY,
    title text NOT NULL
);
CREATE TABLE samples (
    id bigserial PRIMARY KEY,
    sheet bigint NOT NULL REFERENCES sheets,
    name text NOT NULL
);
