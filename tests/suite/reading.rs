//! What lists, windows and pages about one object show of the embedded site with its sample fleet.

use std::collections::HashSet;
use std::mem::{Discriminant, discriminant};
use std::time::Duration;

use bytes::Bytes;
use consign::client::details::Detail;
use consign::client::listing::deployment::{Deployed, State};
use consign::client::listing::{
    CopyStatus, DeploymentLine, DeviceLine, FilterWords, Kind, Line, MemberLine, PackageLine,
    Sorting, WindowLine, sort,
};
use consign::client::{Page, Reach, Reader, Scope, WindowAsk};
use consign::config::Limits;
use consign::distribution::facts::{gather, needed};
use consign::distribution::impact::{self, Way, Who};
use consign::distribution::{Draft, FieldId};
use consign::error::SiteError;
use consign::provider::transport::{Transport, in_process};
use consign::provider::{Provider, SiteAddress};
use consign::site::sample::Sample;
use consign::site::strict::{Quirk, Script};
use consign::site::{NewSite, Site};
use http::{Request, Response, StatusCode};
use tempfile::TempDir;
use tower::ServiceExt as _;

/// A site with a small fleet, in a folder that goes away.
struct Lab {
    site: Site,
    _folder: TempDir,
    provider: Provider,
}

impl Lab {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let new = NewSite {
            code: "LAB".into(),
            name: "lab".to_owned(),
        };
        let site = Site::create(folder.path(), &new).unwrap();
        let sample = Sample {
            devices: 150,
            seed: 1,
        };
        site.fill_sample(sample).await.unwrap();
        Self {
            provider: Provider::new(in_process(site.router()), SiteAddress::local("lab")),
            site,
            _folder: folder,
        }
    }

    fn reader(&self) -> Reader<'_> {
        Reader::new(&self.provider)
    }

    /// A way to the site for an account that may not read these classes.
    fn refusing(&self, classes: &'static [&'static str]) -> Provider {
        let site = in_process(self.site.router());
        let transport = Transport::new(tower::service_fn(move |request: Request<Bytes>| {
            let site = site.clone();
            async move {
                let path = request.uri().path();
                let asked = path.split(['/', '(']).any(|part| classes.contains(&part));
                if !asked {
                    return site.oneshot(request).await;
                }
                let mut refusal = Response::new(Bytes::new());
                *refusal.status_mut() = StatusCode::FORBIDDEN;
                Ok(refusal)
            }
        }));
        Provider::new(transport, SiteAddress::local("lab"))
    }
}

/// Every member a number counts, as a list of them shows it.
async fn behind(reader: &Reader<'_>, way: &Way) -> (u64, Vec<String>) {
    let (collection, kept) = match way {
        Way::Counted(reached) => {
            let lines = reader.reached(reached).await.unwrap().lines;
            // The console sorts what it has read whole.
            let mut order: Vec<usize> = (0..lines.len()).collect();
            sort(&mut order, &lines, DeviceLine::ORDER);
            let names = order.iter().map(|at| lines[*at].row.name.clone());
            return (lines.len() as u64, names.collect());
        }
        Way::Asked(collection, kept) => (collection, kept),
    };
    let words = MemberLine::words_of(*kept);
    let mut from = Reach::Start;
    let mut names = Vec::new();
    loop {
        let ask = WindowAsk {
            words: words.clone(),
            from,
            ..WindowAsk::first(20)
        };
        let page = reader.members(collection, &ask).await.unwrap();
        names.extend(page.lines.iter().map(|line| line.row.name.clone()));
        match page.lines.last() {
            Some(last) if page.more => from = Reach::After(last.clone()),
            _ => break,
        }
    }
    let scope = Scope::Members(collection.clone());
    (reader.total(&scope, &words).await.unwrap(), names)
}

/// Opens every number of who a draft reaches, and compares; answers which sorts of numbers there were, and how many of
/// them cannot be opened.
async fn numbers_agree(provider: &Provider, draft: &Draft) -> (HashSet<Discriminant<Who>>, usize) {
    let reader = Reader::new(provider);
    let now = jiff::Zoned::now();
    let facts = gather(provider, &needed(draft, &Limits::default())).await;
    let target = draft.target().unwrap();
    let impact = facts.impact(&target);
    let impact = impact
        .value()
        .unwrap_or_else(|| panic!("{:?}", impact.doubt()));
    let (mut met, mut closed) = (HashSet::new(), 0);
    for line in impact::lines(&target, draft, &facts, &now) {
        for number in line.numbers() {
            let told = format!("{target:?}: {}: {}", line.words(), number.title);
            let Ok(way) = number.way(&target, impact) else {
                assert_eq!(number.who, Who::Hidden, "{told}");
                closed += 1;
                continue;
            };
            let (total, names) = behind(&reader, &way).await;
            assert_eq!(names.len() as u64, total, "{told}");
            // How many of an included collection are hidden comes out only when they are listed.
            let is_sure = !matches!(number.who, Who::Included(_)) || impact.hidden == 0;
            assert!(
                total == number.count || (!is_sure && total < number.count),
                "{told}: {total}"
            );
            let mut sorted = names.clone();
            sorted.sort_by_key(|name| name.to_lowercase());
            assert_eq!(names, sorted, "{told}");
            met.insert(discriminant(&number.who));
        }
    }
    (met, closed)
}

/// A draft of a program that some devices ran before, to a collection.
async fn draft_to(reader: &Reader<'_>, collection: Option<String>) -> Draft {
    let programs = reader.programs().await.unwrap().lines;
    let program = &named(&programs, "Install").row;
    let mut draft = Draft::begin("lab");
    draft.package.existing = Some(program.package_id.to_string());
    draft.program.existing = Some(program.program_name.clone());
    draft.collection.existing = collection;
    draft
}

fn tomorrow(mut draft: Draft) -> Draft {
    for (field, text) in [
        (FieldId::AdvertisementPurpose, "required"),
        (FieldId::AdvertisementDeadline, "tomorrow 20:00"),
    ] {
        draft.set(field, text, &jiff::Zoned::now()).unwrap();
    }
    draft
}

#[tokio::test]
async fn every_number_of_who_is_reached_opens_a_list_of_as_many() {
    let lab = Lab::new().await;
    let reader = lab.reader();
    let mut met = HashSet::new();
    for collection in reader.collections().await.unwrap().lines {
        let draft = draft_to(&reader, Some(collection.id())).await;
        for draft in [tomorrow(draft.clone()), draft] {
            let (here, closed) = numbers_agree(&lab.provider, &draft).await;
            assert_eq!(closed, 0, "{}", collection.name());
            met.extend(here);
        }
    }
    assert!(met.len() >= 9, "{} sorts of numbers were met", met.len());
}

#[tokio::test]
async fn numbers_of_a_collection_that_is_not_made_yet_open_as_well() {
    let lab = Lab::new().await;
    let mut draft = draft_to(&lab.reader(), None).await;
    let now = jiff::Zoned::now();
    for (field, text) in [
        (FieldId::CollectionMode, "devices"),
        (FieldId::CollectionLimitTo, "All Systems"),
        (FieldId::CollectionDevices, "PC-0003\nPC-0009\nPC-0040"),
        (FieldId::CollectionInclude, "Pilot PCs"),
        (FieldId::CollectionExclude, "Pilot laptops"),
    ] {
        draft.set(field, text, &now).unwrap();
    }
    for draft in [tomorrow(draft.clone()), draft] {
        let (met, closed) = numbers_agree(&lab.provider, &draft).await;
        assert!(met.len() >= 8 && closed == 0, "{} {closed}", met.len());
    }
}

#[tokio::test]
async fn an_account_that_sees_half_of_a_site_is_listed_what_it_sees() {
    let lab = Lab::new().await;
    let script = Script {
        quirks: [Quirk::Viewer].into(),
        ..Script::default()
    };
    let transport = in_process(script.before(lab.site.router()));
    let provider = Provider::new(transport, SiteAddress::local("lab"));
    let reader = Reader::new(&provider);
    let mut hidden = 0;
    for collection in reader.collections().await.unwrap().lines {
        let draft = draft_to(&reader, Some(collection.id())).await;
        hidden += numbers_agree(&provider, &draft).await.1;
    }
    assert!(hidden > 0, "some members are hidden from it");
}

fn named<'a, L: Line>(lines: &'a [L], name: &str) -> &'a L {
    let found = lines.iter().find(|line| line.name() == name);
    found.unwrap_or_else(|| panic!("no {} called {name}", L::CALLED.one))
}

#[tokio::test]
async fn every_list_is_read_whole_and_without_gaps() {
    let lab = Lab::new().await;
    let reader = lab.reader();
    let packages = reader.packages().await.unwrap();
    let programs = reader.programs().await.unwrap();
    let collections = reader.collections().await.unwrap();
    let points = reader.points().await.unwrap();
    let groups = reader.groups().await.unwrap();
    let advertisements = reader.deployments().await.unwrap();
    let assignments = reader.assignments().await.unwrap();
    assert_eq!(packages.lines.len(), 33);
    let locked = packages.lines.iter().filter(|line| line.row.is_locked());
    assert_eq!(locked.count(), 3);
    assert!(programs.lines.len() >= 30);
    assert!(collections.lines.len() >= 40);
    assert_eq!(points.lines.len(), 3);
    assert_eq!(groups.lines.len(), 1);
    let is_other = |line: &&DeploymentLine| line.advertisement().is_none();
    assert_eq!(advertisements.lines.iter().filter(is_other).count(), 3);
    assert_eq!(advertisements.lines.len(), 63);
    assert!(!assignments.lines.is_empty());
    for gaps in [
        packages.gaps,
        programs.gaps,
        collections.gaps,
        points.gaps,
        groups.gaps,
        advertisements.gaps,
        assignments.gaps,
    ] {
        assert_eq!(gaps, []);
    }
    let greeting = reader.greeting().await;
    assert_eq!(greeting.devices, Some(150));
    assert!(!greeting.is_empty());
}

#[tokio::test]
async fn the_sample_comes_to_show_advertisements_in_every_state() {
    let lab = Lab::new().await;
    let _background = lab.site.run_background();
    let wanted = HashSet::from([
        State::Scheduled,
        State::Open,
        State::Running,
        State::Done,
        State::Failing,
        State::NoContent,
        State::SwitchedOff,
        State::Expired,
    ]);
    let shown = async {
        loop {
            let lines = lab.reader().deployments().await.unwrap().lines;
            let states: HashSet<State> = lines.iter().map(|line| line.state).collect();
            let settled = lines
                .iter()
                .all(|line| line.counts.is_some() && !line.is_passing());
            if settled && states.is_superset(&wanted) {
                return lines;
            }
        }
    };
    let lines = tokio::time::timeout(Duration::from_mins(2), shown)
        .await
        .unwrap();
    let failing = lines.iter().filter(|line| line.state == State::Failing);
    assert!(failing.clone().count() > 0 && failing.clone().all(Line::needs_attention));
    let reader = lab.reader();
    for line in &lines {
        let Some(row) = line.advertisement() else {
            continue;
        };
        let detail = reader.advertisement(&row.advertisement_id).await.unwrap();
        assert_eq!(detail.line.state, line.state, "{}", line.name());
        assert_eq!(detail.bars().len(), 5);
    }
}

#[tokio::test]
async fn what_an_account_may_not_read_is_never_shown_as_nothing() {
    let lab = Lab::new().await;
    let collections = lab.reader().collections().await.unwrap().lines;
    let pilot = named(&collections, "Pilot PCs").collection_id().clone();
    let packages = lab.reader().packages().await.unwrap().lines;
    let package = named(&packages, "7-Zip 24.08").package_id().clone();
    let provider = lab.refusing(&[
        "SMS_CollectionSettings",
        "SMS_Advertisement",
        "SMS_PackageStatusDistPointsSummarizer",
    ]);
    let reader = Reader::new(&provider);

    let collection = reader.collection(&pilot).await.unwrap();
    assert!(collection.windows.is_err() && collection.advertisements.is_err());
    assert_eq!(collection.line.advertisements, None);
    let said = |label: &str| {
        let summary = collection.summary();
        let entry = summary.iter().find(|entry| entry.label == label);
        entry.map(|entry| entry.words.clone()).unwrap_or_default()
    };
    assert_eq!(said("Windows"), "could not be read");
    assert_eq!(said("Advertised"), "could not be read");

    let package = reader.package(&package).await.unwrap();
    assert_eq!(package.line.advertisements, None);
    let copies = package.content.as_ref().unwrap();
    assert!(!copies.is_empty());
    for copy in copies {
        assert_eq!(copy.copy, CopyStatus::Unread);
        assert!(!copy.is_passing(), "nothing comes of asking again");
    }
}

#[tokio::test]
async fn pilot_pcs_are_thirty_seven_devices_in_every_view_of_them() {
    let lab = Lab::new().await;
    let reader = lab.reader();
    let collections = reader.collections().await.unwrap().lines;
    let pilot = named(&collections, "Pilot PCs");
    assert_eq!(pilot.members(), 37);
    let id = pilot.collection_id().clone();
    let page = reader.members(&id, &WindowAsk::first(100)).await.unwrap();
    assert_eq!(page.lines.len(), 37);
    assert!(!page.more);
    let scope = Scope::Members(id.clone());
    let total = reader.total(&scope, &FilterWords::default()).await.unwrap();
    assert_eq!(total, 37);
    let words = FilterWords::parse::<MemberLine>("pc-0001").unwrap();
    assert!(reader.total(&scope, &words).await.unwrap() <= 1);
    let detail = reader.collection(&id).await.unwrap();
    assert_eq!(detail.gaps(), []);
    assert!(!detail.rules.is_empty());
    assert!(!detail.advertisements.as_ref().unwrap().is_empty());
    assert_eq!(detail.raw()["Name"], "Pilot PCs");
}

/// Every device, page by page in one direction.
async fn walk(reader: &Reader<'_>, sorting: Sorting, backwards: bool) -> Vec<String> {
    let mut ask = WindowAsk::<DeviceLine> {
        sorting,
        from: if backwards { Reach::End } else { Reach::Start },
        ..WindowAsk::first(40)
    };
    let mut ids = Vec::new();
    loop {
        let page: Page<DeviceLine> = reader.devices(&ask).await.unwrap();
        let lines: Vec<String> = page.lines.iter().map(Line::id).collect();
        if backwards {
            ids.splice(0..0, lines);
        } else {
            ids.extend(lines);
        }
        let edge = if backwards {
            page.lines.first().cloned().map(Reach::Before)
        } else {
            page.lines.last().cloned().map(Reach::After)
        };
        match edge {
            Some(edge) if page.more => ask.from = edge,
            _ => return ids,
        }
    }
}

#[tokio::test]
async fn a_window_shows_every_device_once_in_any_order_and_direction() {
    let lab = Lab::new().await;
    let reader = lab.reader();
    for column in DeviceLine::ASKABLE.iter().filter(|column| column.can_sort) {
        for sorting in [Sorting::up(column.key), Sorting::down(column.key)] {
            let forwards = walk(&reader, sorting, false).await;
            assert_eq!(forwards.len(), 150, "{}", column.key);
            let different: HashSet<&String> = forwards.iter().collect();
            assert_eq!(different.len(), 150, "{}", column.key);
            assert_eq!(
                walk(&reader, sorting, true).await,
                forwards,
                "{}",
                column.key
            );
        }
    }
}

#[tokio::test]
async fn filter_words_keep_the_same_devices_here_as_at_the_site() {
    let lab = Lab::new().await;
    let reader = lab.reader();
    let everything = reader.devices(&WindowAsk::first(1000)).await.unwrap().lines;
    let now = reader.clock().now();
    for words in [
        "\"PC-00\"",
        "client:no",
        "active:yes",
        "active:no !client:no",
        "user:none",
        "os:server",
        "obsolete:no",
        "signin>2020-01-01",
        "!os:server client:yes",
    ] {
        let words = FilterWords::parse::<DeviceLine>(words).unwrap();
        let index = consign::client::listing::Index::of(&everything);
        let here = words.keep(&everything, &index, now);
        let here: HashSet<String> = here.into_iter().map(|i| everything[i].id()).collect();
        let ask = WindowAsk::<DeviceLine> {
            words: words.clone(),
            ..WindowAsk::first(1000)
        };
        let there = reader.devices(&ask).await.unwrap().lines;
        let there: HashSet<String> = there.iter().map(Line::id).collect();
        assert_eq!(here, there, "{words}");
        assert!(
            !there.is_empty() || words.to_string() == "user:none",
            "{words}"
        );
    }
}

#[tokio::test]
async fn every_object_of_every_list_has_its_page() {
    let lab = Lab::new().await;
    let reader = lab.reader();
    for line in reader.packages().await.unwrap().lines {
        page(&reader.package(line.package_id()).await, Kind::Packages);
    }
    for line in reader.programs().await.unwrap().lines.iter().take(10) {
        page(&reader.program(&line.program_id()).await, Kind::Programs);
    }
    for line in reader.collections().await.unwrap().lines {
        page(
            &reader.collection(line.collection_id()).await,
            Kind::Collections,
        );
    }
    for line in reader.points().await.unwrap().lines {
        let point = reader.point(&line.row.nal_path).await;
        page(&point, Kind::Points);
        assert_eq!(
            reader.point_of_server(&line.id()).await.unwrap().id(),
            line.id()
        );
    }
    for line in reader.groups().await.unwrap().lines {
        page(&reader.group(&line.row.group_id).await, Kind::Groups);
    }
    for line in reader.deployments().await.unwrap().lines {
        let id = match &line.what {
            Deployed::Advertisement(row) => &row.advertisement_id,
            Deployed::Other(row) => {
                let detail = reader.deployment(&row.deployment_id).await;
                page(&detail, Kind::Advertisements);
                assert_eq!(detail.unwrap().line, line);
                continue;
            }
        };
        let detail = reader.advertisement(id).await;
        page(&detail, Kind::Advertisements);
        let detail = detail.unwrap();
        // Without the site's summary a list does not know the deadline.
        if line.counts.is_some() {
            assert_eq!(detail.line.state, line.state, "{}", line.name());
        }
        assert!(!detail.settings().is_empty());
        let statuses = reader.statuses(id, &WindowAsk::first(5)).await.unwrap();
        for status in &statuses.lines {
            assert_ne!(status.device, status.id(), "a device without its name");
        }
    }
    for line in reader.devices(&WindowAsk::first(5)).await.unwrap().lines {
        page(&reader.device(line.resource_id()).await, Kind::Devices);
    }
}

fn page<D: Detail>(detail: &Result<D, SiteError>, kind: Kind) {
    let detail = detail
        .as_ref()
        .unwrap_or_else(|fault| panic!("{kind}: {fault}"));
    assert_eq!(D::KIND, kind);
    assert_eq!(detail.gaps(), [], "{}", detail.id());
    assert!(!detail.name().is_empty());
    assert!(detail.summary().len() >= 3, "{}", detail.id());
    assert!(detail.raw().is_object());
}

#[tokio::test]
async fn local_filter_words_find_what_people_look_for() {
    let lab = Lab::new().await;
    let reader = lab.reader();
    let now = reader.clock().now();
    let packages = reader.packages().await.unwrap().lines;
    let kept = |words: &str| keep::<PackageLine>(&packages, words, now);
    assert!(!kept("unused:no").is_empty());
    assert_eq!(
        kept("unused:no").len() + kept("unused:yes").len(),
        packages.len()
    );
    assert_eq!(
        kept("source:none").len() + kept("!source:none").len(),
        packages.len()
    );
    let advertisements = reader.advertisements().await.unwrap().lines;
    let kept = |words: &str| keep::<DeploymentLine>(&advertisements, words, now);
    assert!(!kept("purpose:required").is_empty());
    assert!(!kept("collection:\"Pilot PCs\"").is_empty());
    assert!(!kept("available:past").is_empty());
}

fn keep<L: Line>(lines: &[L], words: &str, now: jiff::civil::DateTime) -> Vec<usize> {
    let words = FilterWords::parse::<L>(words).unwrap();
    words.keep(lines, &consign::client::listing::Index::of(lines), now)
}

#[tokio::test]
async fn an_object_that_is_gone_is_missing_and_not_empty() {
    let lab = Lab::new().await;
    let gone = lab.reader().package(&"LAB0FFFF".into()).await;
    assert!(matches!(gone, Err(SiteError::Missing { .. })), "{gone:?}");
}
