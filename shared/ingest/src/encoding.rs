//! Content encodings: gzip and nothing, with a cap on what comes out.

use std::borrow::Cow;
use std::io::Read as _;

use flate2::bufread::MultiGzDecoder;

use crate::limits::{Limits, Refusal};

/// The body without its content encoding.
///
/// gzip (also of several members) and identity, in any case. The output stops at [`Limits::max_decompressed`], and more than 4 MiB are kept
/// only when all of it is known to stay below: so a bomb costs no memory.
///
/// # Errors
/// [`Refusal::TooLarge`] above the cap, [`Refusal::BadRequest`] when the stream is cut, its checksum is wrong or it isn't gzip,
/// [`Refusal::UnsupportedMedia`] for another encoding.
pub fn decompress<'a>(body: &'a [u8], content_encoding: Option<&str>, limits: &Limits) -> Result<Cow<'a, [u8]>, Refusal> {
    let encoding = content_encoding.unwrap_or_default().trim();
    let too_large = || {
        Refusal::TooLarge(format!(
            "the body is larger than {} bytes after decompression: send smaller batches, or upload it",
            limits.max_decompressed
        ))
    };
    if encoding.is_empty() || encoding.eq_ignore_ascii_case("identity") {
        return if body.len() > limits.max_decompressed { Err(too_large()) } else { Ok(Cow::Borrowed(body)) };
    }
    if !encoding.eq_ignore_ascii_case("gzip") && !encoding.eq_ignore_ascii_case("x-gzip") {
        return Err(Refusal::UnsupportedMedia(format!(
            "content-encoding {:?} is not supported: send gzip or no encoding",
            encoding.chars().take(40).collect::<String>()
        )));
    }
    match gunzip(body, limits.max_decompressed) {
        Ok(Some(plain)) => Ok(Cow::Owned(plain)),
        Ok(None) => Err(too_large()),
        Err(cause) => Err(Refusal::bad(format!(
            "content-encoding says gzip, but the body is not a whole gzip stream ({cause}): compress it again, or leave the header out"
        ))),
    }
}

/// What is kept before the rest has been counted.
const KEPT_UNSEEN: usize = 4 << 20;

/// `None` when more than `cap` bytes would come out.
fn gunzip(body: &[u8], cap: usize) -> std::io::Result<Option<Vec<u8>>> {
    let first = KEPT_UNSEEN.min(cap);
    let mut decoder = MultiGzDecoder::new(body);
    let mut plain = Vec::with_capacity(body.len().saturating_mul(4).min(first));
    decoder.by_ref().take(first as u64).read_to_end(&mut plain)?;
    if plain.len() < first {
        return Ok(Some(plain));
    }
    // A larger body is read twice, so that a bomb is never held.
    let rest = std::io::copy(&mut decoder.take((cap - first) as u64 + 1), &mut std::io::sink())?;
    let total = first + usize::try_from(rest).unwrap_or(usize::MAX - first);
    if total > cap {
        return Ok(None);
    }
    if rest > 0 {
        plain = Vec::with_capacity(total);
        MultiGzDecoder::new(body).read_to_end(&mut plain)?;
    }
    Ok(Some(plain))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn gzip(plain: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(plain).expect("memory");
        encoder.finish().expect("memory")
    }

    fn status(body: &[u8], encoding: Option<&str>, limits: &Limits) -> Result<Vec<u8>, u16> {
        decompress(body, encoding, limits).map(Cow::into_owned).map_err(|r| r.status())
    }

    #[test]
    fn encodings_that_clients_send() {
        let limits = Limits::default();
        let zipped = gzip(b"hello");
        let two_members = [gzip(b"hel"), gzip(b"lo")].concat();
        let mut wrong_crc = zipped.clone();
        let crc = wrong_crc.len() - 8;
        wrong_crc[crc] ^= 1;

        for (name, body, encoding, expected) in [
            ("none", b"hello".as_slice(), None, Ok(b"hello".to_vec())),
            ("identity", b"hello", Some("Identity"), Ok(b"hello".to_vec())),
            ("empty header", b"hello", Some(""), Ok(b"hello".to_vec())),
            ("gzip", &zipped, Some("GZIP"), Ok(b"hello".to_vec())),
            ("two members", &two_members, Some("gzip"), Ok(b"hello".to_vec())),
            ("nested gzip is opened once", &gzip(&zipped), Some("gzip"), Ok(zipped.clone())),
            ("truncated", &zipped[..zipped.len() - 3], Some("gzip"), Err(400)),
            ("wrong checksum", &wrong_crc, Some("gzip"), Err(400)),
            ("header on plain data", b"hello", Some("gzip"), Err(400)),
            ("empty body", b"", Some("gzip"), Err(400)),
            ("brotli", b"hello", Some("br"), Err(415)),
            ("list", b"hello", Some("gzip, gzip"), Err(415)),
        ] {
            assert_eq!(status(body, encoding, &limits), expected, "{name}");
        }
    }

    #[test]
    fn a_bomb_stops_at_the_cap() {
        let limits = Limits { max_decompressed: 1 << 20, ..Limits::default() };
        let bomb = gzip(&vec![0; 64 << 20]);
        assert!(bomb.len() < 1 << 17, "a real bomb: {} bytes", bomb.len());

        assert_eq!(status(&bomb, Some("gzip"), &limits), Err(413));
        assert_eq!(status(&vec![0; (1 << 20) + 1], None, &limits), Err(413));
        assert_eq!(status(&gzip(&vec![0; 1 << 20]), Some("gzip"), &limits).map(|b| b.len()), Ok(1 << 20));
        let two_members = [bomb, gzip(b"x")].concat();
        assert_eq!(status(&two_members, Some("gzip"), &limits), Err(413));
    }

    #[test]
    fn a_large_body_below_the_cap_comes_out_whole() {
        let limits = Limits { max_decompressed: 9 << 20, ..Limits::default() };
        for size in [KEPT_UNSEEN - 1, KEPT_UNSEEN, KEPT_UNSEEN + 1, 9 << 20] {
            let plain: Vec<u8> = (0..size).map(|i| (i % 251) as u8).collect();
            assert!(status(&gzip(&plain), Some("gzip"), &limits) == Ok(plain), "{size}");
        }
        assert_eq!(status(&[gzip(&vec![0; 8 << 20]), gzip(&vec![0; 2 << 20])].concat(), Some("gzip"), &limits), Err(413));
    }
}
