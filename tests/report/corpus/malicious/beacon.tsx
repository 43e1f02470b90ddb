export default function Report({ data }) {
  const sent = navigator.sendBeacon("/x", data.title);
  return <p>{data.title}</p>;
}
