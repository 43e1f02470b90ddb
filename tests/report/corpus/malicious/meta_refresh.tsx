export default function Report({ data }) {
  return <meta httpEquiv="refresh" content="0" />;
}
