-- Tables of the site itself: no class, nothing a client sees.

-- Settings of the store, such as what the derived tables were derived from.
CREATE TABLE IF NOT EXISTS consign_setting (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

-- The number behind the next id of a kind.
CREATE TABLE IF NOT EXISTS consign_counter (
    name TEXT PRIMARY KEY,
    next INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Who is in which collection; what SMS_FullCollectionMembership shows.
CREATE TABLE IF NOT EXISTS consign_member (
    CollectionID TEXT COLLATE NOCASE NOT NULL,
    ResourceID INTEGER NOT NULL,
    IsDirect INTEGER NOT NULL,
    PRIMARY KEY (CollectionID, ResourceID)
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS consign_member_resource ON consign_member (ResourceID);
