export default function Report({ data }) {
  return <x-evil />;
}
