export default function Report({ data = fetch("/api/keys") }) {
  return <p>{data.title}</p>;
}
