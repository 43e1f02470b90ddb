export default function Report({ data }) {
  const o = opener.document;
  return <p>{data.title}</p>;
}
