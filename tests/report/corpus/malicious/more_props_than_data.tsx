export default function Report({ data, ...rest }) {
  return <p>{data.title}</p>;
}
