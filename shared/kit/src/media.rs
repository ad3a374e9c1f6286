//! Files as the API shows them: what is known of them, with an address to fetch them from. Every function that answers with media signs here.

use agenttrace_api::media::{Media, MediaReference, ReferencedMedia};
use agenttrace_cloud::media::URL_SECONDS;
use agenttrace_cloud::{MediaBucket, SdkConfig};
use agenttrace_domain::Timestamp;
use agenttrace_domain::media::find_references;
use agenttrace_records::Records;

use crate::{Error, config, now};

/// The media bucket that the environment names.
pub fn bucket(sdk: &SdkConfig) -> Result<MediaBucket, Error> {
    Ok(MediaBucket::new(sdk, config::MEDIA_BUCKET.require()?, config::MEDIA_ENDPOINT.get()))
}

/// An uploaded file with an address that is good for an hour; `None` when it is not uploaded.
pub async fn show(bucket: &MediaBucket, media: agenttrace_records::Media) -> Result<Option<Media>, Error> {
    let Some(uploaded_at) = media.uploaded_at else { return Ok(None) };
    // Counted from before the signature, so that an address never ends before we say.
    let expires = Timestamp(now().0 + URL_SECONDS.cast_signed() * 1_000_000);
    let url = bucket.download_url(&media.object, &media.content_type, &media.id).await?;
    Ok(Some(Media {
        media_id: media.id,
        content_type: media.content_type,
        content_length: media.content_length,
        url,
        url_expiry: expires.to_rfc3339(),
        uploaded_at: uploaded_at.to_rfc3339(),
    }))
}

/// The references in the texts of named fields, each with its file. References to files that the project has not, or not yet, are left out.
pub async fn references(
    records: &Records,
    bucket: &MediaBucket,
    project_id: &str,
    fields: &[(&str, &str)],
) -> Result<Vec<MediaReference>, Error> {
    let found: Vec<_> = fields.iter().flat_map(|(field, text)| find_references(text).into_iter().map(|found| (*field, found))).collect();
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let known = records.uploaded_media(project_id, found.iter().map(|(_, found)| found.media_id.clone())).await?;
    let mut references = Vec::with_capacity(found.len());
    for (field, found) in found {
        let Some(media) = known.iter().find(|media| media.id == found.media_id) else { continue };
        let Some(Media { media_id, content_type, content_length, url, url_expiry, .. }) = show(bucket, media.clone()).await? else {
            continue;
        };
        references.push(MediaReference {
            field: field.to_owned(),
            reference_string: found.reference,
            json_path: found.json_path,
            media: ReferencedMedia { media_id, content_type, content_length, url, url_expiry },
        });
    }
    Ok(references)
}
