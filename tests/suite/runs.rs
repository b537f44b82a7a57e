//! Runs of plans against the embedded site: what the wizard and `consign apply` do, without a face.

mod bench;
mod hostile;

use bench::{Bench, Line, carry_out, roll_back};
use consign::config::{Limits, Placement};
use consign::distribution::draft::{Purpose, Wait, When};
use consign::distribution::operation::Operation;
use consign::distribution::operation::content::Destination;
use consign::distribution::run::{Cause, End, Offer, Progress, Run, State, stop_switch};
use consign::distribution::{Actor, Draft, Plan};
use consign::odata::Filter;
use consign::sms::advertisement::{Advertisement, AdvertisementRow, OfferType};
use consign::sms::collection::{Collection, CollectionRow};
use consign::sms::distribution_point::AssignmentRow;
use consign::sms::folder::{self, FolderItemRow, FolderRow};
use consign::sms::package::{Package, PackageRow};
use consign::sms::program::ProgramRow;
use consign::sms::stamped::StampedPackageRow;
use consign::sms::status::PointStatusRow;
use tokio::sync::watch;

/// How many objects of a plan of this name are there; what the site is removing does not count.
async fn objects(bench: &Bench, name: &str) -> [usize; 5] {
    let packages: Vec<PackageRow> = bench.rows("Name", name).await;
    let packages: Vec<&PackageRow> = packages
        .iter()
        .filter(|row| !row.is_being_deleted())
        .collect();
    let (mut programs, mut assignments) = (0, 0);
    for package in &packages {
        let id = package.package_id.as_str();
        let rows: Vec<ProgramRow> = bench.rows("PackageID", id).await;
        programs += rows.iter().filter(|row| !row.is_being_deleted()).count();
        let rows: Vec<AssignmentRow> = bench.rows("PackageID", id).await;
        assignments += rows.iter().filter(|row| !row.is_being_removed()).count();
    }
    let collections: Vec<CollectionRow> = bench.rows("Name", &format!("{name} - Pilot")).await;
    let advertised = format!("{name} 3.1 Install → {name} - Pilot");
    let advertisements: Vec<AdvertisementRow> = bench.rows("AdvertisementName", &advertised).await;
    [
        packages.len(),
        programs,
        collections.len(),
        assignments,
        advertisements.len(),
    ]
}

/// A site whose keepers want what is made in scopes and folders of their own.
fn placed() -> Limits {
    let mut limits = Limits::default();
    limits.house.placement = Placement {
        scopes: vec!["Berlin".into(), "hamburg".into()],
        packages: Some("Software/Tools".into()),
        collections: Some("Software".into()),
    };
    limits
}

/// The scopes and the folder of a package of this name, and the folder of its collection.
async fn places(bench: &Bench, name: &str) -> [String; 3] {
    let packages: Vec<PackageRow> = bench.rows("Name", name).await;
    let collections: Vec<CollectionRow> = bench.rows("Name", &format!("{name} - Pilot")).await;
    let package: Package = bench.provider().get(&packages[0].package_id).await.unwrap();
    [
        package.secured_scope_names.join(", "),
        folder_of(bench, packages[0].package_id.as_str(), folder::PACKAGES).await,
        folder_of(
            bench,
            collections[0].collection_id.as_str(),
            folder::DEVICE_COLLECTIONS,
        )
        .await,
    ]
}

/// A package and a collection may have the same id: the type tells them apart.
async fn folder_of(bench: &Bench, key: &str, object_type: u32) -> String {
    let mut items: Vec<FolderItemRow> = bench.rows("InstanceKey", key).await;
    items.retain(|item| item.object_type == object_type);
    let [item] = items.as_slice() else {
        return format!("in {} folders", items.len());
    };
    let folder: FolderRow = bench
        .provider()
        .list(Some(Filter::eq(
            "ContainerNodeID",
            i64::from(item.container_node_id),
        )))
        .await
        .unwrap()
        .remove(0);
    folder.name
}

const WANTED: [&str; 3] = ["Berlin, Hamburg", "Tools", "Software"];
const ONE_OF_EACH: [usize; 5] = [1; 5];
const NOTHING: [usize; 5] = [0; 5];

fn assert_done(end: &End, context: &str) {
    assert!(matches!(end, End::Done { .. }), "{context}: {end:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_package_travels_from_a_folder_to_an_advertisement() {
    let bench = Bench::new().await;
    let mut draft = bench.draft("Chart Maker");
    draft.start.reason = Some("CHG0042".into());
    draft.advertisement.purpose = Some(Purpose::Required);
    draft.advertisement.deadline = Some(When::At("2031-11-30T20:00".parse().unwrap()));
    let plan = bench.plan(&draft).await;
    let mut run = bench.open(&plan);
    assert_done(&bench.carry_out(&mut run).await, "all is well");

    let made = run.made();
    let id = |title: &str| {
        made.iter()
            .find(|object| object.title == title)
            .unwrap()
            .id
            .clone()
    };
    let packages: Vec<StampedPackageRow> = bench.rows("PackageID", &id("Package")).await;
    assert_eq!(packages[0].isv_string, format!("consign:1:{}:1", plan.id));
    let copies: Vec<PointStatusRow> = bench.rows("PackageID", &id("Package")).await;
    assert!(copies[0].state.is_usable(), "{copies:?}");

    let provider = bench.provider();
    let collection: Collection = provider.get(&id("Collection").into()).await.unwrap();
    assert_eq!(
        (collection.member_count, collection.collection_rules.len()),
        (2, 2)
    );
    let advertisement: Advertisement = provider.get(&id("Advertisement").into()).await.unwrap();
    assert_eq!(advertisement.offer_type, OfferType::Required);
    assert_eq!(
        advertisement.deadline().unwrap().to_string(),
        "2031-11-30 20:00 device time"
    );
    assert_eq!(advertisement.comment, "CHG0042; via consign");
    assert!(!advertisement.is_inconsistent());
    assert!(!bench.journals.list().unwrap().0[0].is_open());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whichever_answer_is_lost_nothing_is_made_twice() {
    let bench = Bench::new().await;
    for number in 0.. {
        let name = format!("Lost {number}");
        let line = Line::losing(number);
        let plan = bench.plan_within(&bench.draft(&name), &placed()).await;
        let mut run = bench.open(&plan);
        let mut end = carry_out(&mut run, &bench.over(&line)).await;
        if let End::Failed(failure) = &end {
            assert!(
                matches!(failure.cause, Cause::Unreachable | Cause::Unknown),
                "{name}: {failure:?}"
            );
            assert!(
                failure.offers.contains(&Offer::Retry)
                    || failure.offers.contains(&Offer::RetryRest)
            );
            end = bench.carry_out(&mut run).await;
        }
        assert_done(&end, &name);
        assert_eq!(objects(&bench, &name).await, ONE_OF_EACH, "{name}");
        assert_eq!(places(&bench, &name).await, WANTED, "{name}");
        if !line.was_cut() {
            assert!(number > 20, "a run has more requests than {number}");
            break;
        }
    }
}

/// Carries a plan out in a process that is killed at one request. False when it ended before.
async fn killed_at(bench: &Bench, plan: &Plan, number: usize) -> bool {
    let line = Line::hanging(number);
    let mut run = bench.open(plan);
    let provider = bench.over(&line);
    tokio::select! {
        end = carry_out(&mut run, &provider) => {
            assert_done(&end, "nothing was in its way");
            false
        }
        () = line.hangs() => true,
    }
}

fn resume(bench: &Bench, plan: &Plan) -> Run {
    Run::resume(&bench.journals, &plan.id, Actor::here("bert")).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_killed_at_any_request_is_taken_up_where_it_was() {
    let bench = Bench::new().await;
    for number in 0.. {
        let name = format!("Killed {number}");
        let plan = bench.plan(&bench.draft(&name)).await;
        if !killed_at(&bench, &plan, number).await {
            break;
        }
        let (runs, _) = bench.journals.list().unwrap();
        let open = runs.iter().filter(|run| run.is_open()).count();
        assert_eq!(open, 1, "{name} is found");
        let end = bench.carry_out(&mut resume(&bench, &plan)).await;
        assert_done(&end, &name);
        assert_eq!(objects(&bench, &name).await, ONE_OF_EACH, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_killed_at_any_request_can_be_taken_back_whole() {
    let bench = Bench::new().await;
    for number in 0.. {
        let name = format!("Undone {number}");
        let plan = bench.plan(&bench.draft(&name)).await;
        let was_cut = killed_at(&bench, &plan, number).await;
        let back = bench.roll_back(&mut resume(&bench, &plan)).await;
        assert!(back.is_whole(), "{name}: {back:?}");
        assert_eq!(objects(&bench, &name).await, NOTHING, "{name}");
        if !was_cut {
            break;
        }
    }
}

/// Keys of everything people make, apart from what the site is removing.
async fn everything(bench: &Bench) -> Vec<String> {
    let going = Filter::eq("ActionInProgress", 3).negated();
    let programs: Vec<ProgramRow> = bench.provider().list(Some(going)).await.unwrap();
    let staying = Filter::eq("Status", 3).negated();
    let assignments: Vec<AssignmentRow> = bench.provider().list(Some(staying)).await.unwrap();
    let mut keys = bench.keys::<CollectionRow>().await;
    keys.extend(bench.keys::<PackageRow>().await);
    keys.extend(bench.keys::<AdvertisementRow>().await);
    keys.extend(programs.iter().map(|row| row.id().to_string()));
    keys.extend(assignments.iter().map(|row| format!("{:?}", row.id())));
    keys
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rolling_back_leaves_the_site_as_it_was() {
    let bench = Bench::new().await;
    let before = everything(&bench).await;
    let mut draft = bench.draft("Visitor");
    draft.distribution_points.groups = Some(vec![group(&bench).await]);
    draft.distribution_points.wait = Some(Wait::All);
    let mut run = bench.open(&bench.plan(&draft).await);
    assert_done(&bench.carry_out(&mut run).await, "made");
    assert_ne!(everything(&bench).await, before);
    let back = bench.roll_back(&mut run).await;
    assert!(back.is_whole(), "{back:?}");
    assert_eq!(everything(&bench).await, before);
}

/// Some group of distribution points.
async fn group(bench: &Bench) -> String {
    use consign::sms::distribution_point::GroupRow;
    let groups: Vec<GroupRow> = bench.provider().list(None).await.unwrap();
    groups.first().unwrap().name.clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_point_that_held_the_files_before_keeps_them_when_a_group_is_taken_back() {
    let bench = Bench::new().await;
    let mut first = bench.open(&bench.plan(&bench.draft("Shared")).await);
    assert_done(
        &bench.carry_out(&mut first).await,
        "the package is on one point",
    );
    drop(first);

    let mut draft = bench.draft("Second");
    draft.package = consign::distribution::draft::Package {
        existing: Some("Shared".into()),
        ..Default::default()
    };
    draft.program.name = Some("Repair".into());
    draft.distribution_points.servers = None;
    draft.distribution_points.groups = Some(vec![group(&bench).await]);
    let held: Vec<AssignmentRow> = assignments(&bench, "Shared").await;
    let mut run = bench.open(&bench.plan(&draft).await);
    assert_done(&bench.carry_out(&mut run).await, "the group has it too");
    assert!(assignments(&bench, "Shared").await.len() > held.len());
    let back = bench.roll_back(&mut run).await;
    assert!(back.is_whole(), "{back:?}");
    let left: Vec<_> = assignments(&bench, "Shared")
        .await
        .iter()
        .map(AssignmentRow::id)
        .collect();
    let held: Vec<_> = held.iter().map(AssignmentRow::id).collect();
    assert_eq!(left, held);
}

/// A draft that sends the package `Shared` to a group, with a program of this name.
async fn shared_to_group(bench: &Bench, program: &str) -> Draft {
    let mut draft = bench.draft("Second");
    draft.package = consign::distribution::draft::Package {
        existing: Some("Shared".into()),
        ..Default::default()
    };
    draft.program.name = Some(program.into());
    draft.distribution_points.servers = None;
    draft.distribution_points.groups = Some(vec![group(bench).await]);
    draft
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whichever_answer_is_lost_a_group_is_taken_back_whole() {
    let bench = Bench::new().await;
    let mut first = bench.open(&bench.plan(&bench.draft("Shared")).await);
    assert_done(&bench.carry_out(&mut first).await, "on one point");
    drop(first);
    let held = async || {
        let rows = assignments(&bench, "Shared").await;
        rows.iter().map(AssignmentRow::id).collect::<Vec<_>>()
    };
    let before = held().await;
    for number in 0.. {
        let draft = shared_to_group(&bench, &format!("Repair {number}")).await;
        let mut run = bench.open(&bench.plan(&draft).await);
        assert_done(&bench.carry_out(&mut run).await, "the group has it too");
        assert!(held().await.len() > before.len() + 1, "several points");
        let line = Line::losing(number);
        let mut back = roll_back(&mut run, &bench.over(&line)).await;
        if !back.is_whole() {
            back = bench.roll_back(&mut run).await;
        }
        assert!(back.is_whole(), "{number}: {back:?}");
        assert_eq!(held().await, before, "{number}: {back:?}");
        if !line.was_cut() {
            break;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_package_that_was_sent_to_a_group_before_still_is_when_a_plan_is_taken_back() {
    use consign::sms::distribution_point::GroupRow;
    let bench = Bench::new().await;
    let mut draft = bench.draft("Shared");
    draft.distribution_points.groups = Some(vec![group(&bench).await]);
    let mut first = bench.open(&bench.plan(&draft).await);
    assert_done(&bench.carry_out(&mut first).await, "sent to the group");
    drop(first);
    // One server of the group lacks the files, as one that has just joined it does.
    let rows = assignments(&bench, "Shared").await;
    let last = rows.last().unwrap().id();
    bench.provider().remove_assignment(&last).await.unwrap();
    let held = async || {
        let rows = assignments(&bench, "Shared").await;
        rows.iter().map(AssignmentRow::id).collect::<Vec<_>>()
    };
    let before = held().await;
    let counted = async || {
        let groups: Vec<GroupRow> = bench.provider().list(None).await.unwrap();
        groups.first().unwrap().content_count
    };
    let packages = counted().await;
    assert!(packages.is_some());

    let draft = shared_to_group(&bench, "Repair").await;
    let mut run = bench.open(&bench.plan(&draft).await);
    assert_done(&bench.carry_out(&mut run).await, "all have it");
    assert!(held().await.len() > before.len());
    let back = bench.roll_back(&mut run).await;
    assert!(back.is_whole(), "{back:?}");
    assert_eq!(held().await, before);
    assert_eq!(counted().await, packages, "it is still sent to the group");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_group_whose_members_nobody_could_read_takes_no_files_from_anybody() {
    let bench = Bench::new().await;
    let mut first = bench.open(&bench.plan(&bench.draft("Shared")).await);
    assert_done(&bench.carry_out(&mut first).await, "on one point");
    drop(first);
    let mut draft = bench.draft("Second");
    draft.package = consign::distribution::draft::Package {
        existing: Some("Shared".into()),
        ..Default::default()
    };
    draft.program.name = Some("Repair".into());
    draft.distribution_points.servers = None;
    draft.distribution_points.groups = Some(vec![group(&bench).await]);
    let mut plan = bench.plan(&draft).await;
    for line in &mut plan.operations {
        if let Operation::Content(content) = &mut line.operation
            && let Destination::Group(group) = &mut content.to
        {
            group.points.clear();
        }
    }
    let mut run = bench.open(&plan);
    assert_done(&bench.carry_out(&mut run).await, "the group has it too");
    let held = async || {
        let rows = assignments(&bench, "Shared").await;
        rows.iter().map(AssignmentRow::id).collect::<Vec<_>>()
    };
    let before = held().await;
    assert_eq!(before.len(), 3);
    let back = bench.roll_back(&mut run).await;
    assert!(
        back.left
            .iter()
            .any(|left| left.why.contains("could not be read")),
        "{back:?}"
    );
    assert_eq!(held().await, before);
}

async fn assignments(bench: &Bench, package: &str) -> Vec<AssignmentRow> {
    let packages: Vec<PackageRow> = bench.rows("Name", package).await;
    let rows: Vec<AssignmentRow> = bench
        .rows("PackageID", packages[0].package_id.as_str())
        .await;
    rows.into_iter()
        .filter(|row| !row.is_being_removed())
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_shortest_path_makes_one_advertisement_and_touches_nothing_else() {
    let bench = Bench::new().await;
    let mut first = bench.open(&bench.plan(&bench.draft("Ready")).await);
    assert_done(&bench.carry_out(&mut first).await, "made");
    let before = everything(&bench).await.len();
    let mut draft = consign::distribution::Draft::default();
    draft.package.existing = Some("Ready".into());
    draft.program.existing = Some("Install".into());
    draft.collection.existing = Some("Pilot PCs".into());
    draft.advertisement.purpose = Some(Purpose::Required);
    draft.advertisement.deadline = Some(When::At("2031-11-30T20:00".parse().unwrap()));
    let plan = bench.plan(&draft).await;
    assert!(
        plan.sentence().contains("37 devices"),
        "{}",
        plan.sentence()
    );
    let mut run = bench.open(&plan);
    assert_done(&bench.carry_out(&mut run).await, "advertised");
    assert_eq!(everything(&bench).await.len(), before + 1);
    let states: Vec<State> = plan
        .numbered()
        .map(|(op, _)| State::of(run.record().past(op)))
        .collect();
    let mut expected = vec![State::AlreadySo; 4];
    expected.push(State::Done);
    assert_eq!(states, expected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_collection_made_by_a_query_is_evaluated_before_anything_is_advertised() {
    let bench = Bench::new().await;
    let mut draft = bench.draft("Query");
    draft.collection.devices = None;
    draft.collection.query = Some("select * from SMS_R_System where Name like 'PC-000%'".into());
    let plan = bench.plan(&draft).await;
    let mut run = bench.open(&plan);
    assert_done(&bench.carry_out(&mut run).await, "made");
    let rows: Vec<CollectionRow> = bench.rows("Name", "Query - Pilot").await;
    let counted = u64::try_from(rows[0].member_count).unwrap();
    assert!(counted > 0);
    assert_eq!(plan.relied.target.members.known(), Some(counted));
    let made: Collection = bench.provider().get(&rows[0].collection_id).await.unwrap();
    assert_eq!(made.refresh_schedule.len(), 1, "asked again daily");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_source_folder_that_vanishes_is_told_in_the_sites_words_and_can_be_taken_back() {
    let bench = Bench::new().await;
    let draft = bench.draft("Vanished");
    let plan = bench.plan(&draft).await;
    std::fs::remove_dir_all(draft.package.source.as_deref().unwrap()).unwrap();
    let mut run = bench.open(&plan);
    let (switch, stop) = stop_switch();
    let progress = watch::Sender::new(Progress::new(&plan));
    let mut seen = progress.subscribe();
    let provider = bench.provider();
    let watching = async {
        let in_trouble = |progress: &Progress| {
            progress
                .lines
                .iter()
                .any(|line| line.words.contains("dp01.lab.example "))
        };
        let words = seen.wait_for(in_trouble).await.unwrap().lines[6]
            .words
            .clone();
        switch.press();
        words
    };
    let (_, words) = tokio::join!(run.carry_out(&provider, &progress, stop), watching);
    assert!(
        words.starts_with("0 of 1 points; dp01.lab.example"),
        "{words}"
    );
    let back = bench.roll_back(&mut run).await;
    assert!(back.is_whole(), "{back:?}");
    assert!(!back.was_advertised);
    assert_eq!(objects(&bench, "Vanished").await, NOTHING);
}
