//! Moving what was made into the console folder the site's settings name.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Kind, Look, Made, Mark, Right, Unmade, Written};
use crate::distribution::plan::{OpNumber, Ref};
use crate::distribution::run::{Hand, Sending, Trouble};
use crate::odata::Filter;
use crate::provider::Movable;
use crate::sms::folder::{self, FolderItemRow};
use crate::sms::ids::{CollectionId, PackageId};

/// A package or collection of this plan, and the folder it is to be in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MoveToFolder {
    pub object: Placed,
    pub folder: u32,
    /// For people: the names on the way to it, joined by `/`.
    pub path: String,
}

/// What is moved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Placed {
    Package(Ref<PackageId>),
    /// A collection of devices.
    Collection(Ref<CollectionId>),
}

impl MoveToFolder {
    fn object(&self, hand: &Hand<'_>) -> Result<Movable, Trouble> {
        Ok(match &self.object {
            Placed::Package(package) => Movable::Package(hand.resolve(package)?),
            Placed::Collection(collection) => Movable::Collection(hand.resolve(collection)?),
        })
    }

    /// Where it is; what is in no folder is in the root.
    async fn place(&self, hand: &Hand<'_>, object: &Movable) -> Result<u32, Trouble> {
        let of_object = Filter::eq("InstanceKey", object.key())
            .and(Filter::eq("ObjectType", i64::from(object.folder_type())));
        let rows: Vec<FolderItemRow> = hand.provider.list(Some(of_object)).await?;
        Ok(rows
            .first()
            .map_or(folder::ROOT, |row| row.container_node_id))
    }
}

impl Kind for MoveToFolder {
    fn title(&self) -> &'static str {
        "Folder"
    }

    fn subject(&self) -> String {
        self.path.clone()
    }

    fn detail(&self) -> String {
        match self.object {
            Placed::Package(_) => "for the package".into(),
            Placed::Collection(_) => "for the collection".into(),
        }
    }

    fn mark(&self) -> Mark {
        Mark::Call
    }

    fn right(&self) -> Right {
        Right::MoveObjects
    }

    fn needs(&self) -> Vec<OpNumber> {
        let maker = match &self.object {
            Placed::Package(package) => package.maker(),
            Placed::Collection(collection) => collection.maker(),
        };
        maker.into_iter().collect()
    }

    fn request(&self) -> String {
        "call SMS_ObjectContainerItem.MoveMembers".into()
    }

    fn written(&self) -> Vec<Written> {
        vec![Written {
            property: "TargetContainerNodeID".into(),
            value: json!(self.folder),
        }]
    }

    /// What is in the folder already is not moved again.
    fn is_repeatable(&self) -> bool {
        true
    }

    async fn look(&self, hand: &mut Hand<'_>) -> Result<Look, Trouble> {
        let object = self.object(hand)?;
        Ok(if self.place(hand, &object).await? == self.folder {
            Look::Ours {
                id: None,
                words: self.path.clone(),
            }
        } else {
            Look::Absent
        })
    }

    async fn make(&self, hand: &mut Hand<'_>) -> Result<Made, Trouble> {
        let object = self.object(hand)?;
        let from = self.place(hand, &object).await?;
        if from != self.folder {
            let provider = hand.provider.clone();
            let values =
                json!({ "InstanceKey": object.key(), "TargetContainerNodeID": self.folder });
            let sending = Sending::make(self.request(), &values)
                .with_before(&json!({ "ContainerNodeID": from }));
            hand.send(sending, provider.move_to_folder(&object, from, self.folder))
                .await?;
        }
        Ok(Made {
            id: None,
            words: self.path.clone(),
        })
    }

    /// The object goes, and leaves its folder with that.
    async fn unmake(&self, _hand: &mut Hand<'_>) -> Result<Unmade, Trouble> {
        Ok(Unmade::Nothing)
    }
}
