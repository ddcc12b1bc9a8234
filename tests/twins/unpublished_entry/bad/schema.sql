CREATE TABLE articles (
    id bigserial PRIMARY KEY,
    title text NOT NULL,
    body text NOT NULL,
    published_at timestamptz
);

CREATE TABLE search_entries (
    article bigint PRIMARY KEY REFERENCES articles (id),
    words tsvector NOT NULL
);
