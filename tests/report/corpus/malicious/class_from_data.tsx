export default function Report({ data }) {
  return <p className={data.title}>x</p>;
}
