import { mediaSaber } from '../src/channels/mediaSaber';
import { credential } from '../src/hosts/n8n/credential';

export class CarillonMediaSaberApi extends credential(mediaSaber) {}
