export default function Report({ data }) {
  return <p>{data.summary}</p>;
}
