//! Which texts hold files, and what is left of them.

use agenttrace_domain::{Observation, Timestamp, Trace};
use serde_json::json;

use super::*;

/// 90 bytes that are no text, so that their base64 has both odd characters.
fn bytes() -> Vec<u8> {
    (0..90_u8).map(|i| i.wrapping_mul(7).wrapping_add(0xF8)).collect()
}

fn base64() -> String {
    STANDARD.encode(bytes())
}

fn stands_for(content_type: &str) -> String {
    let id = media_id(&STANDARD.encode(Sha256::digest(bytes()))).expect("an id");
    reference(content_type, &id, SOURCE)
}

/// What is left of a text, and the types that were lifted out of it.
fn lifted(text: &str) -> (String, Vec<&'static str>) {
    let observation = Observation { trace_id: "t".into(), id: "o".into(), input: Some(text.into()), ..Observation::default() };
    let mut events = [Event::Observation(Box::new(observation))];
    let media = lift_media(&mut events, &Limits::default());
    assert!(media.files.iter().all(|file| file.bytes == bytes()), "{text}");
    let Event::Observation(o) = &events[0] else { unreachable!("an observation") };
    (o.input.clone().expect("a text"), media.files.iter().map(|file| file.content_type).collect())
}

#[test]
fn data_uris_are_lifted_wherever_they_stand() {
    let (b, png) = (base64(), stands_for("image/png"));
    for (text, expected) in [
        (format!("data:image/png;base64,{b}"), png.clone()),
        (format!("see data:image/png;base64,{b} and"), format!("see {png} and")),
        (format!(r#"{{"url":"data:image/png;base64,{b}"}}"#), format!(r#"{{"url":"{png}"}}"#)),
        (format!(r#"[{{"text":"{{\"url\":\"data:image/png;base64,{b}\"}}"}}]"#), format!(r#"[{{"text":"{{\"url\":\"{png}\"}}"}}]"#)),
        (format!("DATA and data:image/png;charset=utf-8;base64,{b}"), format!("DATA and {png}")),
        (format!(r#"{{"url":"data:image\/png;base64,{}"}}"#, b.replace('/', "\\/")), format!(r#"{{"url":"{png}"}}"#)),
        (format!(r#"{{"url":"data:image/png;base64,{}"}}"#, b.replace('+', "\\u002B")), format!(r#"{{"url":"{png}"}}"#)),
        (format!("data:image/png;base64,{}", b.replace('+', "-").replace('/', "_")), png.clone()),
        (format!("data:image/png;base64,{b}, data:image/png;base64,{b}"), format!("{png}, {png}")),
    ] {
        assert_eq!(lifted(&text), (expected, vec!["image/png"]), "{text}");
    }
}

#[test]
fn the_formats_of_model_apis_are_lifted() {
    let b = base64();
    for (form, content_type) in [
        (json!({"type": "base64", "media_type": "image/png", "data": b}), "image/png"),
        (json!({"type": "base64", "data": b, "media_type": "image/png"}), "image/png"),
        (json!([{"role": "user", "parts": [{"inlineData": {"mimeType": "audio/wav", "data": b}}]}]), "audio/wav"),
        (json!([{"parts": [{"inline_data": {"mime_type": "video/mp4", "data": b}}]}]), "video/mp4"),
        (json!({"type": "media", "mime_type": "application/pdf", "data": b}), "application/pdf"),
        (json!({"type": "file", "mediaType": "application/pdf", "data": b}), "application/pdf"),
        (json!({"type": "image", "image": b, "mimeType": "image/webp"}), "image/webp"),
        (json!({"type": "blob", "modality": "image", "mime_type": "image/png", "content": b}), "image/png"),
        (json!({"type": "input_audio", "input_audio": {"data": b, "format": "mp3"}}), "audio/mp3"),
    ] {
        let text = form.to_string();

        assert_eq!(lifted(&text), (text.replace(&b, &stands_for(content_type)), vec![content_type]), "{text}");
    }
}

#[test]
fn pictures_without_a_type_are_known_by_their_first_bytes() {
    let png: Vec<u8> = [&[0x89, b'P', b'N', b'G', 13, 10, 26, 10], bytes().as_slice()].concat();
    let trace =
        Trace { id: "t".into(), output: Some(json!({"data": [{"b64_json": STANDARD.encode(&png)}]}).to_string()), ..Trace::default() };
    let mut events = [Event::Trace { at: Timestamp(0), patch: Box::new(trace) }];

    let media = lift_media(&mut events, &Limits::default());

    assert_eq!((media.files[0].content_type, &media.files[0].bytes), ("image/png", &png));
    assert_eq!((media.places[0].observation_id.as_deref(), media.places[0].field), (None, "output"));
}

#[test]
fn what_is_no_file_stays_text() {
    let b = base64();
    let reference = json!({"type": "base64", "media_type": "image/png", "data": stands_for("image/png")}).to_string();
    for text in [
        format!("data:image/png;base64,{}!", &b[..b.len() - 3]).replace("data:", "date:"),
        format!("data:image/unheard-of;base64,{b}"),
        format!("data:<b>image/png</b>;base64,{b}"),
        format!("data:image/png;base64,{}", &b[..41]),
        "data:image/png;base64,".repeat(20),
        format!("data:image/png;base64,{b}… [cut: 900 more bytes]"),
        format!(";base64,{b}"),
        json!({"media_type": "image/png", "data": format!("{b}*")}).to_string(),
        json!({"media_type": "text/x-unknown", "data": b}).to_string(),
        json!({"type": "input_audio", "input_audio": {"data": b, "format": "pcm16"}}).to_string(),
        json!({"format": "wav", "data": b}).to_string(),
        json!({"mime_type": "image/png", "data": {"content": b}}).to_string(),
        format!(r#"{{"media_type":"image/png","data":"{b}"#),
        format!("{}{{\"media_type\":\"image/png\",\"data\":\"{b}\"}}", "[".repeat(200)),
        b.clone(),
        reference,
    ] {
        assert_eq!(lifted(&text), (text.clone(), vec![]), "{text}");
    }
}

#[test]
fn one_file_in_many_places_is_kept_once() {
    let text = format!("data:image/png;base64,{}", base64());
    let observation = |id: &str| {
        let metadata = vec![("picture".to_owned(), text.clone())];
        Box::new(Observation { trace_id: "t".into(), id: id.into(), input: Some(text.clone()), metadata, ..Observation::default() })
    };
    let mut events = vec![
        Event::Observation(observation("a")),
        Event::ObservationPatch { at: Timestamp(1), patch: observation("b") },
        Event::Trace { at: Timestamp(1), patch: Box::new(Trace { id: "t".into(), input: Some(text.clone()), ..Trace::default() }) },
    ];

    let media = lift_media(&mut events, &Limits::default());

    assert_eq!(media.files.len(), 1);
    let places: Vec<_> = media.places.iter().map(|p| (p.observation_id.as_deref(), p.field)).collect();
    assert_eq!(places, [(Some("a"), "input"), (Some("a"), "metadata"), (Some("b"), "input"), (Some("b"), "metadata"), (None, "input")]);
    assert_eq!(lift_media(&mut events, &Limits::default()), LiftedMedia::default(), "lifting again finds nothing");
}

#[test]
fn files_beyond_the_limit_stay_text_and_those_of_traces_with_wide_ids_do_not() {
    let text: String = (0..4_u8).map(|i| format!("data:image/png;base64,{} ", STANDARD.encode([i; 80]))).collect();
    let told = |trace_id: String| {
        Event::Observation(Box::new(Observation { trace_id, id: "o".into(), input: Some(text.clone()), ..Observation::default() }))
    };
    let limits = Limits { max_media: 2, ..Limits::default() };

    let mut events = [told("t".into())];
    assert_eq!(lift_media(&mut events, &limits).files.len(), 2);
    let Event::Observation(o) = &events[0] else { unreachable!("an observation") };
    assert_eq!(o.input.as_deref().map(|left| left.matches("data:image/png").count()), Some(2));
    assert_eq!(lift_media(&mut [told("東".repeat(800))], &limits).files.len(), 2);
}

#[test]
fn hostile_texts_cost_time_in_proportion_to_their_length() {
    for piece in ["data:", ";base64,", "data:image/png;base64,", "{\"media_type\":\"", "\\u002B", "\"data\":\"AAAA\",", "[{\"", "é;base64,"]
    {
        let text = format!("[{{\"mimeType\":\"image/png\"}},{}", piece.repeat(1_000_000 / piece.len()));
        let (left, found) = lifted(&text);
        assert_eq!((left.len(), found.len()), (text.len(), 0), "{piece}");
    }
}
