export default function Report({ data }) {
  const percent = (share) => `${Math.round(100 * share)} %`;
  return (
    <p>{percent(data.statuses[0].share)}</p>
  );
}
