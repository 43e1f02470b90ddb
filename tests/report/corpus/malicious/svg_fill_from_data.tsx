export default function Report({ data }) {
  return <svg><rect fill={data.title} /></svg>;
}
