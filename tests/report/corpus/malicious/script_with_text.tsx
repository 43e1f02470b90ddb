export default function Report({ data }) {
  return <script>alert</script>;
}
