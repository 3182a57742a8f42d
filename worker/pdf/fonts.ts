/** The faces that we draw with: IBM Plex Sans (OFL), which has every letter of our languages. */

import regular from '@expo-google-fonts/ibm-plex-sans/400Regular/IBMPlexSans_400Regular.ttf';
import bold from '@expo-google-fonts/ibm-plex-sans/600SemiBold/IBMPlexSans_600SemiBold.ttf';

/** TrueType files, for pdf-lib to embed subsets of. */
export const FONTS: { regular: ArrayBuffer; bold: ArrayBuffer } = { regular, bold };
