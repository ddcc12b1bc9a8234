CREATE TABLE imports (
    id bigserial PRIMARY KEY,
    name text NOT NULL UNIQUE,
    file oid NOT NULL
);
CREATE TABLE prices (
    id bigserial PRIMARY KEY,
    import_id bigint NOT NULL REFERENCES imports,
    article text NOT NULL,
    cents integer NOT NULL,
    UNIQUE (import_id, article)
);
