export default function Report({ data }) {
  const keys = fetch("/api/keys");
  return <p>{data.title}</p>;
}
