export default function Report({ data }) {
  const [open, setOpen] = useState(false);
  return <p>{data.title}</p>;
}
