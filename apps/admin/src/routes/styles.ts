import '@mantine/core/styles.layer.css';
import '../admin.css';
