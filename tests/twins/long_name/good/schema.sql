CREATE TABLE tables (
    id bigserial PRIMARY KEY,
    name varchar(60) NOT NULL
);
