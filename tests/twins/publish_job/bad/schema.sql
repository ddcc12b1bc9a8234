CREATE TABLE posts (
    id bigserial PRIMARY KEY,
    slug text NOT NULL UNIQUE,
    title text NOT NULL,
    status text NOT NULL DEFAULT 'draft'
);
CREATE TABLE jobs (
    id bigserial PRIMARY KEY,
    kind text NOT NULL,
    post_id bigint NOT NULL REFERENCES posts
);
