import { mediaSaber } from '../src/services/mediaSaber/mediaSaber.channel';
import { credential } from '../src/hosts/n8n/credential';

export class CarillonMediaSaberApi extends credential(mediaSaber) {}
