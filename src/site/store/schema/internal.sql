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

-- Who is in which collection; what SMS_FullCollectionMembership shows. The name of the device is repeated so that an
-- index can serve a page of members by name, however large the collection.
CREATE TABLE IF NOT EXISTS consign_member (
    CollectionID TEXT COLLATE NOCASE NOT NULL,
    ResourceID INTEGER NOT NULL,
    IsDirect INTEGER NOT NULL,
    Name TEXT COLLATE NOCASE,
    PRIMARY KEY (CollectionID, ResourceID)
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS consign_member_resource ON consign_member (ResourceID);

CREATE INDEX IF NOT EXISTS consign_member_name ON consign_member (CollectionID, Name, ResourceID);

-- How often something was tried in vain at a point, and when it is tried next; without a point, reading the source.
CREATE TABLE IF NOT EXISTS consign_retry (
    PackageID TEXT COLLATE NOCASE NOT NULL,
    ServerNALPath TEXT COLLATE NOCASE NOT NULL,
    Attempts INTEGER NOT NULL,
    Due TEXT NOT NULL,
    PRIMARY KEY (PackageID, ServerNALPath)
) STRICT, WITHOUT ROWID;

-- Packages targeted to groups of distribution points.
CREATE TABLE IF NOT EXISTS consign_group_package (
    GroupID TEXT COLLATE NOCASE NOT NULL,
    PackageID TEXT COLLATE NOCASE NOT NULL,
    PRIMARY KEY (GroupID, PackageID)
) STRICT, WITHOUT ROWID;

-- When something that comes by schedule was last done, where no class says so.
CREATE TABLE IF NOT EXISTS consign_done (
    Name TEXT COLLATE NOCASE PRIMARY KEY,
    At TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Since when devices are others than the collections know; one row at most.
CREATE TABLE IF NOT EXISTS consign_device_change (
    Only INTEGER PRIMARY KEY CHECK (Only = 1),
    Since TEXT NOT NULL
) STRICT;
