//! Making a collection, without its rules: those are an operation of their own, because the id is made by the site.

use serde::{Deserialize, Serialize};

use super::stamped::{self, Differences, Own, Stamped};
use super::{Kind, Look, Made, Mark, Right, Unmade, Written, rules, written};
use crate::distribution::plan::OpNumber;
use crate::distribution::run::{Hand, Sending, Trouble};
use crate::odata::filter::Filter;
use crate::sms::collection::{
    Collection, CollectionChanges, CollectionDependencyRow, CollectionStatus, CollectionType,
    RefreshType,
};
use crate::sms::ids::CollectionId;
use crate::sms::schedule::Token;
use crate::sms::stamped::StampedCollectionRow;
use crate::sms::status::{DeploymentSummaryRow, FeatureType};

/// Characters a comment is taken to have room for; the limit is not published.
const LONGEST_COMMENT: usize = 255;

/// A collection to be made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MakeCollection {
    pub name: String,
    pub comment: String,
    pub limit_to: CollectionId,
    /// For people; the id counts.
    pub limit_to_name: String,
    pub collection_type: CollectionType,
    pub refresh: RefreshType,
    /// When a periodic collection is evaluated; empty otherwise.
    pub schedule: Vec<Token>,
}

impl Stamped for StampedCollectionRow {
    const COMMENT: Option<&str> = Some("Comment");

    fn isv_string(&self) -> &str {
        &self.isv_string
    }

    fn comment(&self) -> Option<&str> {
        Some(&self.comment)
    }

    fn id_text(&self) -> String {
        self.collection_id.to_string()
    }

    fn is_going(&self) -> bool {
        self.current_status == CollectionStatus::Deleting
    }
}

impl MakeCollection {
    fn changes(&self) -> CollectionChanges {
        CollectionChanges {
            name: Some(self.name.clone()),
            comment: Some(self.comment.clone()),
            collection_type: Some(self.collection_type),
            limit_to_collection_id: Some(self.limit_to.clone()),
            owned_by_this_site: Some(true),
            refresh_type: Some(self.refresh),
            refresh_schedule: Some(self.schedule.clone()).filter(|schedule| !schedule.is_empty()),
            ..CollectionChanges::default()
        }
    }

    fn differs(&self, there: &StampedCollectionRow) -> Vec<String> {
        Differences::default()
            .compare("Comment", &there.comment, &self.comment)
            .compare(
                "LimitToCollectionID",
                &there.limit_to_collection_id,
                &self.limit_to,
            )
            .compare(
                "CollectionType",
                &there.collection_type,
                &self.collection_type,
            )
            .into_names()
    }

    fn natural_key(&self) -> Filter {
        Filter::eq("Name", self.name.clone())
    }
}

impl Kind for MakeCollection {
    fn title(&self) -> &'static str {
        "Collection"
    }

    fn subject(&self) -> String {
        self.name.clone()
    }

    fn detail(&self) -> String {
        format!("limited to {}", self.limit_to_name)
    }

    fn mark(&self) -> Mark {
        Mark::Create
    }

    fn right(&self) -> Right {
        Right::CreateCollections
    }

    fn needs(&self) -> Vec<OpNumber> {
        Vec::new()
    }

    fn request(&self) -> String {
        "create SMS_Collection".into()
    }

    fn written(&self) -> Vec<Written> {
        written(&self.changes())
    }

    /// A collection of that name is the same only with the same rules: this plan never adds rules to somebody else's.
    async fn look(&self, hand: &mut Hand<'_>) -> Result<Look, Trouble> {
        let found = stamped::find(hand, self.natural_key()).await?;
        let look = found.exclusive(|there: &StampedCollectionRow| self.differs(there));
        let Look::Same { id: Some(id), .. } = &look else {
            return Ok(look);
        };
        let there: Collection = hand.provider.get(&CollectionId::new(id)).await?;
        let planned = rules::of_collection(hand.plan(), hand.op);
        if rules::are_equal(&there.collection_rules, planned) {
            return Ok(look);
        }
        Ok(Look::Taken {
            id: id.clone(),
            differs: vec!["CollectionRules".into()],
        })
    }

    async fn make(&self, hand: &mut Hand<'_>) -> Result<Made, Trouble> {
        let made = stamped::make(hand, self.request(), |place| CollectionChanges {
            isv_string: place.property(),
            comment: Some(place.comment(&self.comment, LONGEST_COMMENT)),
            ..self.changes()
        })
        .await?;
        Ok(Made {
            id: Some(made.collection_id.to_string()),
            words: String::new(),
        })
    }

    async fn unmake(&self, hand: &mut Hand<'_>) -> Result<Unmade, Trouble> {
        let at = stamped::at_id(hand, "CollectionID");
        let found: StampedCollectionRow = match stamped::own(hand, at).await? {
            Own::Mine(found) => found,
            Own::No(unmade) => return Ok(unmade),
        };
        let id = found.collection_id.clone();
        if let Some(user) = user(hand, &id).await? {
            return Ok(Unmade::Left(user));
        }
        let provider = hand.provider.clone();
        hand.send(
            Sending::unmake("delete SMS_Collection", &id).with_before(&found),
            provider.delete::<Collection>(&id),
        )
        .await?;
        Ok(Unmade::Removed)
    }
}

/// What else refers to a collection: a deployment of somebody else's, or another collection's rules.
async fn user(hand: &Hand<'_>, id: &CollectionId) -> Result<Option<String>, Trouble> {
    let deployed = Filter::eq("CollectionID", id.to_string());
    if let Some(name) = super::advertisement::of_others(hand, deployed).await? {
        return Ok(Some(format!("{name} is advertised to it")));
    }
    let deployments: Vec<DeploymentSummaryRow> = hand
        .provider
        .list(Some(Filter::eq("CollectionID", id.to_string())))
        .await?;
    // Advertisements were looked at above; their rows here outlive them for a while.
    let other = deployments
        .iter()
        .find(|row| row.feature_type != FeatureType::Program);
    if let Some(row) = other {
        return Ok(Some(format!(
            "{} ({}) is deployed to it",
            row.software_name,
            row.feature_type.words().unwrap_or("some other deployment")
        )));
    }
    let source = Filter::eq("SourceCollectionID", id.to_string());
    let dependants: Vec<CollectionDependencyRow> = hand.provider.list(Some(source)).await?;
    Ok(dependants.first().map(|row| {
        format!(
            "the collection {} refers to it",
            row.dependent_collection_id
        )
    }))
}
