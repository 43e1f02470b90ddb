export default function Report({ data }) {
  const f = self["fetch"];
  return <p>{data.title}</p>;
}
