export default function Report({ data }) {
  const f = data["con" + "structor"];
  return <p>{data.title}</p>;
}
