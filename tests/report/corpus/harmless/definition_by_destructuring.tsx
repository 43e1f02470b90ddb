export default function Report({ data }) {
  const { title, summary, fields: list } = data;
  const most = list.length;
  return (
    <header><h1>{title}</h1><p>{summary}</p></header>
  );
}
