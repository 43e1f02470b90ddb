export default function Report({ data }) {
  const r = React.createElement;
  return <p>{data.title}</p>;
}
