export default function Report({ data }) {
  again: while (true) { continue again; }
  return <p>{data.title}</p>;
}
