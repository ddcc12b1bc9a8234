CREATE TABLE articles (
    id bigserial PRIMARY KEY,
    slug text NOT NULL UNIQUE,
    title text NOT NULL,
    status text NOT NULL DEFAULT 'draft'
);
CREATE TABLE comments (
    id uuid PRIMARY KEY,
    slug text NOT NULL REFERENCES articles (slug),
    key text NOT NULL,
    body text NOT NULL,
    UNIQUE (slug, key)
);
CREATE TABLE outbox (
    id bigserial PRIMARY KEY,
    kind text NOT NULL,
    slug text NOT NULL,
    delivered_at timestamptz
);
CREATE TABLE subscribers (
    name text PRIMARY KEY,
    unread integer NOT NULL DEFAULT 0
);
CREATE TABLE feed (
    id bigserial PRIMARY KEY,
    subscriber text NOT NULL REFERENCES subscribers,
    kind text NOT NULL,
    slug text NOT NULL
);
INSERT INTO subscribers VALUES ('dan', 0), ('eve', 0);
INSERT INTO articles (slug, title, status) VALUES ('welcome', 'Welcome', 'published');
